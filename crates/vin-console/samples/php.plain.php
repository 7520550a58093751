<?php
// 查询一个车架号 Look a VIN up
$query = http_build_query(['key' => '@KEY@', 'vin' => '@VIN@']);

$request = curl_init('@BASE@/api/vin/get?' . $query);
curl_setopt_array($request, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 10]);
$answer = curl_exec($request);
if ($answer === false) {
    exit(curl_error($request) . "\n");
}
$vehicle = json_decode($answer, true);
echo $vehicle['code'], ' ', $vehicle['data']['result']['name'] ?? $vehicle['msg'], "\n";
