"""A client of the MCP tools: the protocol's own library, over standard input and output or HTTP.

Arguments: `stdio PROGRAM ARGUMENT…` or `http URL TOKEN`. It prints one JSON line per call:
the tools, then each tool's answer.
"""

import asyncio
import json
import os
import sys

import httpx2
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

VIN = "WPOAA2978BL012976"
CALLS = [
    ("balance", {}),
    ("decode_vin", {"vin": VIN, "lang": "en"}),
    ("explain_vin", {"vin": VIN}),
    ("search_catalogue", {"keyword": "Panamera"}),
    ("balance", {}),
    ("decode_vin", {"vin": "SHORT"}),
    ("decode_vin", {"vni": VIN}),
    ("decode_vin", {"vin": VIN, "year": 1900}),
    ("search_catalogue", {"keyword": "a", "page": 0}),
]


async def talk(read, write):
    async with ClientSession(read, write) as session:
        info = await session.initialize()
        tools = (await session.list_tools()).tools
        shown = [tool.model_dump(by_alias=True, mode="json") for tool in tools]
        name = info.model_dump(by_alias=True, mode="json")["serverInfo"]["name"]
        print(json.dumps({"name": name, "tools": shown}))
        for tool, arguments in CALLS:
            result = await session.call_tool(tool, arguments)
            print(json.dumps(result.model_dump(by_alias=True, mode="json")))


async def main():
    how, first, *rest = sys.argv[1:]
    if how == "stdio":
        server = StdioServerParameters(command=first, args=rest, env=dict(os.environ))
        async with stdio_client(server) as (read, write):
            await talk(read, write)
    else:
        headers = {"Authorization": f"Bearer {rest[0]}"}
        async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
            async with streamable_http_client(first, http_client=http) as streams:
                await talk(streams[0], streams[1])


asyncio.run(main())
