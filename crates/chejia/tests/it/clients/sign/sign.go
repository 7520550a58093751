// Signs as Go clients do, with both kinds of signature.
package main

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

func send(method, target, raw string, headers map[string]string) {
	var body io.Reader
	if method == "POST" {
		body = strings.NewReader(raw)
	} else {
		target += "?" + raw
	}
	request, err := http.NewRequest(method, target, body)
	if err != nil {
		panic(err)
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}

func main() {
	target, key, secret, vin := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	sum := func(text string) string {
		hash := md5.Sum([]byte(text + secret))
		return hex.EncodeToString(hash[:])
	}
	note := "车 架~a+b&c=d*(e)"
	// Encode sorts by name; a client that builds the text itself does not.
	sorted := url.Values{"vin": {" " + vin + " "}, "note": {note}, "key": {key}}.Encode()
	own := "vin=" + vin + "&note=" + url.QueryEscape(note) + "&key=" + key
	plain := "vin=" + vin + "&note=" + note + "&key=" + key
	send("GET", target, sorted, map[string]string{"sign": sum(sorted)})
	send("POST", target, own, map[string]string{"sign": sum(own)})
	send("GET", target, own, map[string]string{"sign": sum(plain)})
	parsed, err := url.Parse(target)
	if err != nil {
		panic(err)
	}
	timestamp, nonce := strconv.FormatInt(time.Now().Unix(), 10), "go-nonce-0001"
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(strings.Join([]string{"GET", parsed.Path, own, timestamp, nonce}, "\n")))
	sign := hex.EncodeToString(mac.Sum(nil))
	send("GET", target, own, map[string]string{"sign-v2": sign, "timestamp": timestamp, "nonce": nonce})
}
