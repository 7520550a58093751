// 签名 = md5(查询字符串 + SK) Signature: MD5 of the query string and the secret
package main

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"time"
)

func main() {
	const secret = "@SECRET@"
	query := url.Values{"key": {"@KEY@"}, "vin": {"@VIN@"}}.Encode()
	hash := md5.Sum([]byte(query + secret))
	request, err := http.NewRequest("GET", "@BASE@/api/vin/get?"+query, nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("sign", hex.EncodeToString(hash[:]))
	client := http.Client{Timeout: 10 * time.Second}
	answer, err := client.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	var vehicle struct {
		Code int
		Msg  string
		Data struct{ Result struct{ Name string } }
	}
	if err := json.NewDecoder(answer.Body).Decode(&vehicle); err != nil {
		log.Fatal(err)
	}
	fmt.Println(vehicle.Code, vehicle.Msg, vehicle.Data.Result.Name)
}
