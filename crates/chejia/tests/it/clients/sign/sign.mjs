// Signs as JavaScript clients do, with both kinds of signature.
import { createHash, createHmac } from "node:crypto";

const [url, key, secret, vin] = process.argv.slice(2);
const md5 = (text) => createHash("md5").update(text + secret).digest("hex");

async function send(raw, headers, method = "GET") {
    const target = method === "GET" ? `${url}?${raw}` : url;
    const body = method === "GET" ? undefined : raw;
    const answer = await fetch(target, { method, headers, body });
    console.log(await answer.text());
}

const params = { key, note: "车 架~a+b&c=d*(e)", vin: ` ${vin} ` };
const form = new URLSearchParams(params).toString();
const component = Object.entries(params).map(([n, v]) => `${n}=${encodeURIComponent(v)}`).join("&");
const plain = Object.entries(params).map(([n, v]) => `${n}=${v}`).join("&");
await send(form, { sign: md5(form) });
await send(component, { sign: md5(component) });
await send(form, { sign: md5(plain) }, "POST");
const json = JSON.stringify(params);
await send(json, { sign: md5(json), "Content-Type": "application/json" }, "POST");
const timestamp = String(Math.floor(Date.now() / 1000));
const text = ["GET", new URL(url).pathname, form, timestamp, "node-nonce-1"].join("\n");
const sign = createHmac("sha256", secret).update(text).digest("hex");
await send(form, { "sign-v2": sign, timestamp, nonce: "node-nonce-1" });
