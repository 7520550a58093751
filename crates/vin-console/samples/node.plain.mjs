// 查询一个车架号，Node.js 18 或更新 Look a VIN up, Node.js 18 or later
const query = new URLSearchParams({ key: "@KEY@", vin: "@VIN@" });
const answer = await fetch(`@BASE@/api/vin/get?${query}`, { signal: AbortSignal.timeout(10000) });
const vehicle = await answer.json();
console.log(vehicle.code, vehicle.code === 200 ? vehicle.data.result.name : vehicle.msg);
