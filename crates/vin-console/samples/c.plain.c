/* 查询一个车架号 Look a VIN up
   cc look.c -lcurl */
#include <curl/curl.h>
#include <stdio.h>

int main(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *request = curl_easy_init();
    if (request == NULL)
        return 1;
    curl_easy_setopt(request, CURLOPT_URL, "@BASE@/api/vin/get?key=@KEY@&vin=@VIN@");
    curl_easy_setopt(request, CURLOPT_TIMEOUT, 10L);
    /* 默认把结果写到标准输出 The answer goes to standard output. */
    CURLcode done = curl_easy_perform(request);
    if (done != CURLE_OK)
        fprintf(stderr, "%s\n", curl_easy_strerror(done));
    curl_easy_cleanup(request);
    curl_global_cleanup();
    return done == CURLE_OK ? 0 : 1;
}
