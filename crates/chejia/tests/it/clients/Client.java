import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/** Usage: Client URL VIN. Prints one answer per line. */
public class Client {
    public static void main(String[] args) throws IOException {
        String url = args[0];
        String form = "key=demo&vin=" + args[1];
        String json = "{\"key\":\"demo\",\"vin\":\"" + args[1] + "\"}";
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println(send(url + "?" + form, null, null));
        // Without a content type HttpURLConnection calls every body a form.
        out.println(send(url, null, form));
        out.println(send(url, "application/json; charset=utf-8", json));
    }

    static String send(String url, String contentType, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        connection.setConnectTimeout(3000);
        connection.setReadTimeout(10000);
        if (contentType != null) {
            connection.setRequestProperty("Content-Type", contentType);
        }
        if (body != null) {
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("HTTP " + connection.getResponseCode());
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        connection.getInputStream().transferTo(answer);
        return answer.toString(StandardCharsets.UTF_8);
    }
}
