// What a JavaScript program with the openai SDK sees through the gateway. Usage: node openai_sdk.mjs GATEWAY_URL
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(process.env.TELLTALE_TEST_NODE_MODULES + "/");
const OpenAI = require("openai").default ?? require("openai");
const client = new OpenAI({ baseURL: process.argv[2] + "/v1", apiKey: "sk-test-0123456789", maxRetries: 0 });
const body = { model: "sim-chat", messages: [{ role: "user", content: "Say hello." }] };
const chat = (headers = {}, more = {}) => client.chat.completions.create({ ...body, ...more }, { headers }).withResponse();

let { data, response } = await chat();
assert.equal(response.headers.get("telltale-class"), "ok");
assert.ok(data.choices[0].message.content);

await assert.rejects(chat({ "Sim-Fault": "401" }), (e) => e instanceof OpenAI.AuthenticationError && e.headers.get("telltale-cause") === "authentication");
({ response } = await chat({ "Sim-Fault": "content-filter" }));
assert.equal(response.headers.get("telltale-cause"), "content_filter");
await assert.rejects(chat({ "Sim-Fault": "content-filter", "Telltale-Mode": "strict" }), (e) => e.status === 422);

let text = "";
for await (const part of await client.chat.completions.create({ ...body, stream: true })) text += part.choices[0]?.delta?.content ?? "";
assert.ok(text);
await assert.rejects(async () => {
  for await (const _ of await client.chat.completions.create({ ...body, stream: true }, { headers: { "Sim-Fault": "stream-cut" } }));
}, OpenAI.APIError);
console.log("ok");
