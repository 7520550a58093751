// 查询一个车架号 Look a VIN up
// c++ -std=c++17 look.cpp -lcurl
#include <curl/curl.h>
#include <iostream>
#include <memory>
#include <string>

static size_t take(char *part, size_t size, size_t count, void *whole)
{
    static_cast<std::string *>(whole)->append(part, size * count);
    return size * count;
}

int main()
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> request(curl_easy_init(), curl_easy_cleanup);
    const std::string url = "@BASE@/api/vin/get?key=@KEY@&vin=@VIN@";
    std::string answer;
    curl_easy_setopt(request.get(), CURLOPT_URL, url.c_str());
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
