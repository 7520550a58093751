<?php
// Usage: client.php URL VIN. Prints one answer per line.
[, $url, $vin] = $argv;
$params = ['key' => 'demo', 'vin' => $vin];

function send(array $options): void
{
    $handle = curl_init();
    curl_setopt_array($handle, $options + [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 10]);
    $answer = curl_exec($handle);
    if ($answer === false || curl_getinfo($handle, CURLINFO_RESPONSE_CODE) !== 200) {
        fwrite(STDERR, curl_error($handle) . "\n");
        exit(1);
    }
    echo $answer, "\n";
}

$form = http_build_query($params);
send([CURLOPT_URL => "$url?$form"]);
send([CURLOPT_URL => $url, CURLOPT_POST => true, CURLOPT_POSTFIELDS => $form]);
send([
    CURLOPT_URL => $url,
    CURLOPT_POSTFIELDS => $form,
    CURLOPT_HTTPHEADER => ['Content-Type: application/x-www-form-urlencoded;charset:utf-8;', 'sign:' . md5($form)],
]);
// An array makes PHP send multipart/form-data.
send([CURLOPT_URL => $url, CURLOPT_POSTFIELDS => $params]);
$context = stream_context_create(['http' => [
    'method' => 'POST',
    'header' => 'Content-Type: application/json',
    'content' => json_encode($params),
]]);
echo file_get_contents($url, false, $context), "\n";
