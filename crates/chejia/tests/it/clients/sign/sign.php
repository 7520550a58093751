<?php
// Signs as PHP clients do: http_build_query with the parameters in an order of their own.
[, $url, $key, $secret, $vin] = $argv;

function send(string $method, string $url, string $raw, string $sign): void
{
    $handle = curl_init($method === 'GET' ? "$url?$raw" : $url);
    curl_setopt($handle, CURLOPT_RETURNTRANSFER, true);
    curl_setopt($handle, CURLOPT_HTTPHEADER, ["sign: $sign"]);
    if ($method === 'POST') {
        curl_setopt($handle, CURLOPT_POSTFIELDS, $raw);
    }
    echo curl_exec($handle), "\n";
}

$params = ['vin' => " $vin ", 'note' => '车 架~a+b&c=d*(e)', 'key' => $key];
$query = http_build_query($params);
// What is sent is what is signed.
send('GET', $url, $query, md5($query . $secret));
send('POST', $url, $query, strtoupper(md5($query . $secret)));
// What is sent is encoded in another way than what is signed.
$other = http_build_query($params, '', '&', PHP_QUERY_RFC3986);
send('GET', $url, $other, md5($query . $secret));
send('POST', $url, $other, md5($query . $secret));
// What is signed is not encoded at all.
$plain = implode('&', array_map(fn ($name) => "$name={$params[$name]}", array_keys($params)));
send('GET', $url, $query, md5($plain . $secret));
