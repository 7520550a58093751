/* 签名 = md5(查询字符串 + SK) Signature: MD5 of the query string and the secret
   cc look.c -lcurl -lcrypto */
#include <curl/curl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define SECRET "@SECRET@"
#define QUERY "key=@KEY@&vin=@VIN@"

int main(void)
{
    const char *text = QUERY SECRET;
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (EVP_Digest(text, strlen(text), hash, &length, EVP_md5(), NULL) != 1)
        return 1;
    char header[64] = "sign: ";
    for (unsigned int i = 0; i < length; i++)
        snprintf(header + 6 + 2 * i, 3, "%02x", hash[i]);

    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *request = curl_easy_init();
    if (request == NULL)
        return 1;
    struct curl_slist *headers = curl_slist_append(NULL, header);
    curl_easy_setopt(request, CURLOPT_URL, "@BASE@/api/vin/get?" QUERY);
    curl_easy_setopt(request, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(request, CURLOPT_TIMEOUT, 10L);
    CURLcode done = curl_easy_perform(request);
    if (done != CURLE_OK)
        fprintf(stderr, "%s\n", curl_easy_strerror(done));
    curl_slist_free_all(headers);
    curl_easy_cleanup(request);
    curl_global_cleanup();
    return done == CURLE_OK ? 0 : 1;
}
