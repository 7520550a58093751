// Usage: client.mjs URL VIN. Prints one answer per line.
import http from "node:http";
import { stringify } from "node:querystring";

const [url, vin] = process.argv.slice(2);
const form = stringify({ key: "demo", vin });

function send(target, options, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(target, { timeout: 10000, ...options }, (response) => {
      response.setEncoding("utf8");
      let text = "";
      response.on("data", (part) => (text += part));
      response.on("end", () => resolve(text));
    });
    request.on("error", reject);
    request.end(body);
  });
}

console.log(await send(`${url}?${form}`, { method: "GET" }));
const headers = {
  "Content-Type": "application/x-www-form-urlencoded",
  "Content-Length": Buffer.byteLength(form),
};
console.log(await send(url, { method: "POST", headers }, form));
const answer = await fetch(url, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ key: "demo", vin }),
});
console.log(JSON.stringify(await answer.json()));
