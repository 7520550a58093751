// Usage: client URL VIN. Prints one answer per line, after decoding it strictly.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// Answer has the types that strict clients were built with: a wrong kind stops them.
type Answer struct {
	Code int    `json:"code"`
	Msg  string `json:"msg"`
	Data *struct {
		OrderNo string `json:"order_no"`
		Result  struct {
			Vin             string  `json:"vin"`
			Brand           string  `json:"brand"`
			Typename        string  `json:"typename"`
			Typeid          int     `json:"typeid"`
			Carid           int     `json:"carid"`
			Isimport        int     `json:"isimport"`
			Iscorrect       int     `json:"iscorrect"`
			Groupid         string  `json:"groupid"`
			Yeartype        string  `json:"yeartype"`
			Gearnum         string  `json:"gearnum"`
			Doornum         string  `json:"doornum"`
			Seatnum         string  `json:"seatnum"`
			Wheelbase       string  `json:"wheelbase"`
			Maxpower        string  `json:"maxpower"`
			Price           string  `json:"price"`
			Chassis         *string `json:"chassis"`
			Ratedloadweight *string `json:"ratedloadweight"`
			Machineoil      *struct {
				Volume    string `json:"volume"`
				Viscosity string `json:"viscosity"`
				Grade     string `json:"grade"`
				Level     string `json:"level"`
			} `json:"machineoil"`
			Gearboxinfo *struct {
				Gearboxbrand string   `json:"gearboxbrand"`
				Jointpiclist []string `json:"jointpiclist"`
			} `json:"gearboxinfo"`
			Carlist []struct {
				Carid    int    `json:"carid"`
				Name     string `json:"name"`
				Typeid   int    `json:"typeid"`
				Typename string `json:"typename"`
				Model    string `json:"model"`
			} `json:"carlist"`
		} `json:"result"`
	} `json:"data"`
}

func show(response *http.Response, err error) {
	check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	check(err)
	var answer Answer
	check(json.Unmarshal(body, &answer))
	if answer.Data == nil || answer.Data.Result.Carlist == nil {
		check(fmt.Errorf("no data or no carlist: %s", body))
	}
	fmt.Println(string(body))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	target, vin := os.Args[1], os.Args[2]
	values := url.Values{"key": {"demo"}, "vin": {vin}}
	query := target + "?" + values.Encode()
	show(http.Get(query))
	show(http.PostForm(target, values))
	show(http.Post(query, "text/html", nil))
	show(http.Post(query, "text/html", strings.NewReader("ignored")))
}
