// Signs as Java clients do, with both kinds of signature.

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Sign {
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    public static void main(String[] args) throws Exception {
        String url = args[0], key = args[1], secret = args[2], vin = args[3];
        Map<String, String> params = new LinkedHashMap<>();
        params.put("note", "车 架~a+b&c=d*(e)");
        params.put("key", key);
        params.put("vin", " " + vin + " ");
        String form = params.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
        String plain = params.entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining("&"));
        send(get(url, form).header("sign", md5(form + secret)));
        send(get(url, form).header("sign", md5(plain + secret)));
        send(post(url, form).header("sign", md5(form + secret)));
        String timestamp = Long.toString(System.currentTimeMillis() / 1000), nonce = "java-nonce-1";
        String text = String.join("\n", "POST", URI.create(url).getPath(), form, timestamp, nonce);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String sign = HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        send(post(url, form).header("sign-v2", sign).header("timestamp", timestamp).header("nonce", nonce));
    }

    static HttpRequest.Builder get(String url, String raw) {
        return HttpRequest.newBuilder(URI.create(url + "?" + raw));
    }

    static HttpRequest.Builder post(String url, String raw) {
        return HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofString(raw));
    }

    static void send(HttpRequest.Builder request) throws Exception {
        System.out.println(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString()).body());
    }

    static String md5(String text) throws Exception {
        byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash);
    }
}
