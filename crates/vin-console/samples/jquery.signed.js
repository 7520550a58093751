// 签名版 sign-v2 = HMAC-SHA256(方法 \n 路径 \n 查询字符串 \n 时间 \n 随机数)，使用浏览器自带的 WebCrypto。
// SK 会暴露在网页里：只用于内部页面，公开网站请在服务器上签名。
// sign-v2 with the browser's own WebCrypto. The secret is readable in the page: for internal pages
// only; sign on a server elsewhere.
(async function () {
  var secret = "@SECRET@";
  var query = $.param({ key: "@KEY@", vin: "@VIN@" });
  var timestamp = String(Math.floor(Date.now() / 1000));
  var nonce = crypto.randomUUID();
  var text = ["GET", "/api/vin/get", query, timestamp, nonce].join("\n");
  var bytes = new TextEncoder();
  var key = await crypto.subtle.importKey("raw", bytes.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  var hash = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes.encode(text)));
  var sign = Array.from(hash, function (b) { return b.toString(16).padStart(2, "0"); }).join("");
  $.ajax({
    url: "@BASE@/api/vin/get?" + query,
    headers: { "sign-v2": sign, timestamp: timestamp, nonce: nonce },
    dataType: "json",
    timeout: 10000,
  }).done(function (vehicle) {
    $("#answer").text(vehicle.code + " " + (vehicle.code === 200 ? vehicle.data.result.name : vehicle.msg));
  }).fail(function (request, status) {
    $("#answer").text(status);
  });
})();
