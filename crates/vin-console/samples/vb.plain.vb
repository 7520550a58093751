' 查询一个车架号 Look a VIN up
Imports System
Imports System.Net.Http

Module Look
    Sub Main()
        Dim query = "key=" & Uri.EscapeDataString("@KEY@") & "&vin=" & Uri.EscapeDataString("@VIN@")
        Using client As New HttpClient()
            client.Timeout = TimeSpan.FromSeconds(10)
            Console.WriteLine(client.GetStringAsync("@BASE@/api/vin/get?" & query).Result)
        End Using
    End Sub
End Module
