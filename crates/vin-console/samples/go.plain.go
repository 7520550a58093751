// 查询一个车架号 Look a VIN up
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"time"
)

func main() {
	query := url.Values{"key": {"@KEY@"}, "vin": {"@VIN@"}}.Encode()
	client := http.Client{Timeout: 10 * time.Second}
	answer, err := client.Get("@BASE@/api/vin/get?" + query)
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
