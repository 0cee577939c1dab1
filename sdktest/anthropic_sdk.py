"""What a Python program with the anthropic SDK sees through the gateway. Usage: anthropic_sdk.py GATEWAY_URL"""
import sys

import anthropic

client = anthropic.Anthropic(base_url=sys.argv[1], api_key="sk-ant-test-0123456789", max_retries=0)
args = dict(model="sim-claude", max_tokens=100, messages=[{"role": "user", "content": "Say hello."}])

r = client.messages.with_raw_response.create(**args)
assert r.headers["telltale-class"] == "ok", dict(r.headers)
assert r.parse().content[0].text

try:
    client.messages.create(**args, extra_headers={"Sim-Fault": "401"})
    raise AssertionError("no exception")
except anthropic.AuthenticationError as e:
    assert e.response.headers["telltale-cause"] == "authentication"

try:
    client.messages.create(**args, extra_headers={"Sim-Fault": "length", "Telltale-Mode": "strict"})
    raise AssertionError("no exception")
except anthropic.UnprocessableEntityError as e:
    assert "truncated" in str(e), e

with client.messages.stream(**args) as stream:
    assert "".join(stream.text_stream)

try:
    with client.messages.stream(**args, extra_headers={"Sim-Fault": "stream-cut"}) as stream:
        for _ in stream.text_stream:
            pass
    raise AssertionError("a cut stream ended as a clean one")
except anthropic.APIError:
    pass
print("ok")
