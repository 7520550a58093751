// 签名 = md5(查询字符串 + SK) Signature: MD5 of the query string and the secret
// c++ -std=c++17 look.cpp -lcurl -lcrypto
#include <curl/curl.h>
#include <iostream>
#include <memory>
#include <openssl/evp.h>
#include <string>

static size_t take(char *part, size_t size, size_t count, void *whole)
{
    static_cast<std::string *>(whole)->append(part, size * count);
    return size * count;
}

static std::string md5(const std::string &text)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    EVP_Digest(text.data(), text.size(), hash, &length, EVP_md5(), nullptr);
    const char *digits = "0123456789abcdef";
    std::string hex;
    for (unsigned int i = 0; i < length; i++) {
        hex += digits[hash[i] >> 4];
        hex += digits[hash[i] & 15];
    }
    return hex;
}

int main()
{
    const std::string secret = "@SECRET@";
    const std::string query = "key=@KEY@&vin=@VIN@";
    const std::string url = "@BASE@/api/vin/get?" + query;
    const std::string header = "sign: " + md5(query + secret);

    curl_global_init(CURL_GLOBAL_DEFAULT);
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> request(curl_easy_init(), curl_easy_cleanup);
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
        curl_slist_append(nullptr, header.c_str()), curl_slist_free_all);
    std::string answer;
    curl_easy_setopt(request.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(request.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(request.get(), CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(request.get(), CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(request.get(), CURLOPT_TIMEOUT, 10L);
    const CURLcode done = curl_easy_perform(request.get());
    if (done != CURLE_OK) {
        std::cerr << curl_easy_strerror(done) << "\n";
        return 1;
    }
    std::cout << answer << "\n";
}
