' 签名 = md5(查询字符串 + SK) Signature: MD5 of the query string and the secret
Imports System
Imports System.Net.Http
Imports System.Security.Cryptography
Imports System.Text

Module Look
    Function Md5Hex(text As String) As String
        Using hash = MD5.Create()
            Dim bytes = hash.ComputeHash(Encoding.UTF8.GetBytes(text))
            Return BitConverter.ToString(bytes).Replace("-", "").ToLowerInvariant()
        End Using
    End Function

    Sub Main()
        Dim secret = "@SECRET@"
        Dim query = "key=" & Uri.EscapeDataString("@KEY@") & "&vin=" & Uri.EscapeDataString("@VIN@")
        Using client As New HttpClient()
            client.Timeout = TimeSpan.FromSeconds(10)
            client.DefaultRequestHeaders.Add("sign", Md5Hex(query & secret))
            Console.WriteLine(client.GetStringAsync("@BASE@/api/vin/get?" & query).Result)
        End Using
    End Sub
End Module
