// 浏览器中使用 jQuery；请给密钥设置来源网站白名单
// In a browser with jQuery; let the key be used from your own pages only
$.ajax({
  url: "@BASE@/api/vin/get",
  data: { key: "@KEY@", vin: "@VIN@" },
  dataType: "json",
  timeout: 10000,
}).done(function (vehicle) {
  $("#answer").text(vehicle.code + " " + (vehicle.code === 200 ? vehicle.data.result.name : vehicle.msg));
}).fail(function (request, status) {
  $("#answer").text(status);
});
