"""What a Python program with the openai SDK sees through the gateway. Usage: openai_sdk.py GATEWAY_URL"""
import sys

import openai

base = sys.argv[1]
client = openai.OpenAI(base_url=base + "/v1", api_key="sk-test-0123456789", max_retries=0)
ask = [{"role": "user", "content": "Say hello."}]


def chat(fault="", model="sim-chat", headers=None, **more):
    headers = dict(headers or {})
    if fault:
        headers["Sim-Fault"] = fault
    return client.chat.completions.with_raw_response.create(model=model, messages=ask, extra_headers=headers, **more)


def raises(kind, call, *holds):
    try:
        got = call()
    except kind as e:
        for h in holds:
            assert h in str(e), f"{h!r} is not in {e}"
        return e
    raise AssertionError(f"{kind.__name__} was not raised; got {got!r}")


# a healthy call is healthy, and says so
r = chat()
assert r.headers["telltale-class"] == "ok" and r.headers["telltale-cause"] == "ok", dict(r.headers)
assert r.headers["telltale-call"] and r.headers["telltale-attempts"] == "1"
assert r.parse().choices[0].message.content

# hard: the SDK's own exceptions, with the verdict in the headers
e = raises(openai.AuthenticationError, lambda: chat("401"))
assert e.response.headers["telltale-cause"] == "authentication"
e = raises(openai.RateLimitError, lambda: chat("insufficient-quota"))
assert e.response.headers["telltale-cause"] == "quota_exhausted"
assert e.response.headers["telltale-attempts"] == "1", "no money is not retried"

# soft: told in the headers, raised in strict mode
r = chat("content-filter")
assert (r.headers["telltale-class"], r.headers["telltale-cause"]) == ("soft", "content_filter")
r = chat("length")
assert (r.headers["telltale-class"], r.headers["telltale-cause"]) == ("soft", "truncated")
e = raises(openai.UnprocessableEntityError, lambda: chat("content-filter", headers={"Telltale-Mode": "strict"}), "Rephrase")
assert e.code == "content_filter", e.body

# silent: from an expectation, and from the request's own schema
r = chat("wrong-label", headers={"Telltale-Expect": "labels=positive|negative|neutral"})
assert (r.headers["telltale-class"], r.headers["telltale-cause"]) == ("silent", "unexpected_output")
r = chat("broken-json", response_format={"type": "json_object"})
assert (r.headers["telltale-class"], r.headers["telltale-cause"]) == ("silent", "invalid_json")

# streams: whole ones pass, cut ones raise
text = "".join(c.choices[0].delta.content or "" for c in client.chat.completions.create(model="sim-chat", messages=ask, stream=True) if c.choices)
assert text


def cut():
    for _ in client.chat.completions.create(model="sim-chat", messages=ask, stream=True, extra_headers={"Sim-Fault": "stream-cut"}):
        pass


raises(openai.APIError, cut)

# the other endpoints
assert client.responses.create(model="sim-chat", input="Say hello.").output_text
assert client.embeddings.create(model="sim-embed", input="x").data[0].embedding
assert client.images.generate(model="sim-image", prompt="a cat").data
assert client.models.list().data
print("ok")
