<?php
// 签名 = md5(请求体 + SK) Signature: MD5 of the body and the secret
$secret = '@SECRET@';
$body = http_build_query(['key' => '@KEY@', 'vin' => '@VIN@']);

$request = curl_init('@BASE@/api/vin/get');
curl_setopt_array($request, [
    CURLOPT_POST => true,
    CURLOPT_POSTFIELDS => $body,
    CURLOPT_HTTPHEADER => ['sign: ' . md5($body . $secret)],
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 10,
]);
$answer = curl_exec($request);
if ($answer === false) {
    exit(curl_error($request) . "\n");
}
$vehicle = json_decode($answer, true);
echo $vehicle['code'], ' ', $vehicle['data']['result']['name'] ?? $vehicle['msg'], "\n";
