// 签名 = md5(查询字符串 + SK) Signature: MD5 of the query string and the secret
import { createHash } from "node:crypto";

const secret = "@SECRET@";
const query = new URLSearchParams({ key: "@KEY@", vin: "@VIN@" }).toString();
const sign = createHash("md5").update(query + secret).digest("hex");
const answer = await fetch(`@BASE@/api/vin/get?${query}`, {
  headers: { sign },
  signal: AbortSignal.timeout(10000),
});
const vehicle = await answer.json();
console.log(vehicle.code, vehicle.code === 200 ? vehicle.data.result.name : vehicle.msg);
