// 查询一个车架号，Java 11 或更新 Look a VIN up, Java 11 or later
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

public class Look {
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public static void main(String[] args) throws Exception {
        String query = "key=" + encoded("@KEY@") + "&vin=" + encoded("@VIN@");
        HttpRequest request = HttpRequest.newBuilder(URI.create("@BASE@/api/vin/get?" + query))
                .timeout(Duration.ofSeconds(10))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        System.out.println(answer.body());
    }
}
