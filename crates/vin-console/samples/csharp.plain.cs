// 查询一个车架号 Look a VIN up
using System;
using System.Net.Http;

class Look
{
    static void Main()
    {
        var query = "key=" + Uri.EscapeDataString("@KEY@") + "&vin=" + Uri.EscapeDataString("@VIN@");
        using (var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) })
        {
            Console.WriteLine(client.GetStringAsync("@BASE@/api/vin/get?" + query).Result);
        }
    }
}
