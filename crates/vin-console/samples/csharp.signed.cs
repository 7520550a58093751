// 签名 = md5(查询字符串 + SK) Signature: MD5 of the query string and the secret
using System;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;

class Look
{
    static string Md5(string text)
    {
        using (var md5 = MD5.Create())
        {
            var hash = md5.ComputeHash(Encoding.UTF8.GetBytes(text));
            return BitConverter.ToString(hash).Replace("-", "").ToLowerInvariant();
        }
    }

    static void Main()
    {
        var secret = "@SECRET@";
        var query = "key=" + Uri.EscapeDataString("@KEY@") + "&vin=" + Uri.EscapeDataString("@VIN@");
        using (var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) })
        {
            client.DefaultRequestHeaders.Add("sign", Md5(query + secret));
            Console.WriteLine(client.GetStringAsync("@BASE@/api/vin/get?" + query).Result);
        }
    }
}
