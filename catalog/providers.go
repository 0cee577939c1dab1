package catalog

// textProviders make text, most of them other things, too.
var textProviders = []Provider{
	{ID: "openai", Name: "OpenAI", Hosts: []string{"api.openai.com", "openai.com"}, Headers: []string{"openai-version", "openai-organization", "openai-processing-ms"}, Body: []string{"platform.openai.com", "help.openai.com"}, Source: "https://platform.openai.com/docs/api-reference/debugging-requests"},
	{ID: "azure", Name: "Azure OpenAI", Aliases: []string{"azure openai", "azure-openai", "azure_openai", "azure ai"}, Hosts: []string{"openai.azure.com", "cognitiveservices.azure.com", "services.ai.azure.com", "models.ai.azure.com"}, Headers: []string{"apim-request-id", "x-ms-region", "x-ms-client-request-id", "azureml-model-session"}, Body: []string{"ResponsibleAIPolicyViolation", "Azure OpenAI"}, Of: "openai", Source: "https://learn.microsoft.com/en-us/azure/ai-foundry/openai/reference"},
	{ID: "anthropic", Name: "Anthropic", Aliases: []string{"claude"}, Hosts: []string{"api.anthropic.com", "anthropic.com"}, Headers: []string{"anthropic-", "request-id: req_0"}, Body: []string{"docs.anthropic.com", "\"request_id\":\"req_01"}, Source: "https://docs.anthropic.com/en/api/errors"},
	{ID: "gemini", Name: "Google Gemini", Aliases: []string{"google", "google ai studio", "gemini-code-assist", "veo", "imagen"}, Hosts: []string{"generativelanguage.googleapis.com", "cloudcode-pa.googleapis.com"}, Headers: []string{"x-gemini-service-tier"}, Body: []string{"generativelanguage.googleapis.com", "ai.google.dev", "cloudcode-pa.googleapis.com"}, Source: "https://ai.google.dev/gemini-api/docs/troubleshooting"},
	{ID: "vertex", Name: "Google Vertex AI", Aliases: []string{"vertexai", "vertex_ai", "vertex ai"}, Hosts: []string{"aiplatform.googleapis.com"}, Body: []string{"aiplatform.googleapis.com", "cloud.google.com/vertex-ai"}, Of: "gemini", Source: "https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/api-errors"},
	{ID: "bedrock", Name: "Amazon Bedrock", Aliases: []string{"aws", "aws bedrock", "amazon"}, Hosts: []string{"amazonaws.com", "bedrock-runtime.us-east-1.amazonaws.com"}, Headers: []string{"x-amzn-errortype", "x-amzn-requestid", "x-amzn-bedrock-"}, Source: "https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html"},
	{ID: "mistral", Name: "Mistral AI", Aliases: []string{"mistralai"}, Hosts: []string{"api.mistral.ai", "codestral.mistral.ai", "mistral.ai"}, Headers: []string{"mistral-correlation-id"}, Source: "https://docs.mistral.ai/api/"},
	{ID: "cohere", Name: "Cohere", Hosts: []string{"api.cohere.com", "api.cohere.ai"}, Headers: []string{"x-api-warning", "x-debug-trace-id"}, Source: "https://docs.cohere.com/reference/errors"},
	{ID: "deepseek", Name: "DeepSeek", Hosts: []string{"api.deepseek.com"}, Headers: []string{"x-ds-trace-id"}, Source: "https://api-docs.deepseek.com/quick_start/error_codes"},
	{ID: "dashscope", Name: "Alibaba DashScope (Qwen)", Aliases: []string{"qwen", "qwen(dashscope)", "aliyun", "bailian", "wan", "alibaba"}, Hosts: []string{"dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com", "dashscope-us.aliyuncs.com", "qwencloud.com"}, Headers: []string{"x-dashscope-", "req-cost-time"}, Body: []string{"help.aliyun.com", "alibabacloud.com", "InternalError.Algo", "HTTP_STATUS/"}, Source: "https://help.aliyun.com/zh/model-studio/error-code"},
	{ID: "zhipu", Name: "Zhipu / Z.ai", Aliases: []string{"z.ai", "zai", "bigmodel", "glm", "cogvideox"}, Hosts: []string{"open.bigmodel.cn", "api.z.ai", "bigmodel.cn", "z.ai"}, Source: "https://docs.bigmodel.cn/cn/api/api-code"},
	{ID: "moonshot", Name: "Moonshot (Kimi)", Aliases: []string{"kimi"}, Hosts: []string{"api.moonshot.cn", "api.moonshot.ai", "api.kimi.com"}, Headers: []string{"msh-"}, Body: []string{"support@moonshot.cn", "platform.moonshot"}, Source: "https://platform.moonshot.ai/docs/api/chat"},
	{ID: "minimax", Name: "MiniMax", Aliases: []string{"hailuo"}, Hosts: []string{"api.minimax.io", "api.minimaxi.com", "api.minimax.chat", "minimax.io", "minimaxi.com"}, Headers: []string{"minimax-request-id", "trace-id"}, Body: []string{"base_resp"}, Source: "https://platform.minimax.io/docs/api-reference/errorcode"},
	{ID: "volcengine", Name: "Volcengine Ark", Aliases: []string{"ark", "doubao", "seedance", "seedream", "byteplus", "modelark", "bytedance"}, Hosts: []string{"ark.cn-beijing.volces.com", "volces.com", "bytepluses.com"}, Body: []string{"InvalidEndpointOrModel", "SensitiveContentDetected"}, Source: "https://www.volcengine.com/docs/82379/1299023"},
	{ID: "siliconflow", Name: "SiliconFlow", Hosts: []string{"api.siliconflow.cn", "api.siliconflow.com"}, Headers: []string{"x-siliconcloud-trace-id"}, Source: "https://docs.siliconflow.cn/cn/faqs/error-code"},
	{ID: "xai", Name: "xAI", Aliases: []string{"x.ai", "grok"}, Hosts: []string{"api.x.ai"}, Headers: []string{"x-zero-data-retention"}, Body: []string{"console.x.ai", "docs.x.ai"}, Source: "https://docs.x.ai/docs/key-information/debugging"},
	{ID: "groq", Name: "Groq", Hosts: []string{"api.groq.com"}, Headers: []string{"x-groq-region", "x-groq-"}, Body: []string{"console.groq.com", "x_groq"}, Source: "https://console.groq.com/docs/errors"},
	{ID: "together", Name: "Together AI", Aliases: []string{"togetherai", "together_ai"}, Hosts: []string{"api.together.xyz", "api.together.ai"}, Headers: []string{"x-together-"}, Body: []string{"api.together.ai", "api.together.xyz"}, Source: "https://docs.together.ai/docs/error-codes"},
	{ID: "fireworks", Name: "Fireworks AI", Hosts: []string{"api.fireworks.ai"}, Headers: []string{"fireworks-"}, Body: []string{"fireworks.ai"}, Source: "https://docs.fireworks.ai/guides/inference-error-codes"},
	{ID: "cerebras", Name: "Cerebras", Hosts: []string{"api.cerebras.ai"}, Headers: []string{"inference-id", "x-ratelimit-limit-requests-day"}, Source: "https://inference-docs.cerebras.ai/support/error"},
	{ID: "perplexity", Name: "Perplexity", Hosts: []string{"api.perplexity.ai"}, Source: "https://docs.perplexity.ai/"},
	{ID: "nvidia", Name: "NVIDIA NIM", Aliases: []string{"nvidia-nim", "nim"}, Hosts: []string{"integrate.api.nvidia.com", "api.nvidia.com"}, Headers: []string{"nvcf-"}, Source: "https://docs.api.nvidia.com/"},
	{ID: "huggingface", Name: "Hugging Face", Aliases: []string{"hf"}, Hosts: []string{"huggingface.co", "api-inference.huggingface.co", "router.huggingface.co", "endpoints.huggingface.cloud"}, Headers: []string{"x-inference-id"}, Body: []string{"huggingface.co", "hf-inference"}, Gateway: true, Source: "https://huggingface.co/docs/inference-providers"},
	{ID: "cloudflare", Name: "Cloudflare Workers AI", Hosts: []string{"api.cloudflare.com", "gateway.ai.cloudflare.com"}, Headers: []string{"cf-aig-", "cf-ai-"}, Source: "https://developers.cloudflare.com/workers-ai/platform/errors/"},
	{ID: "snowflake", Name: "Snowflake Cortex", Hosts: []string{"snowflakecomputing.com"}, Source: "https://docs.snowflake.com/en/user-guide/snowflake-cortex/cortex-rest-api"},
	{ID: "databricks", Name: "Databricks", Hosts: []string{"databricks.com", "azuredatabricks.net"}, Source: "https://docs.databricks.com/en/machine-learning/foundation-model-apis/"},
}

// gatewayProviders pass on what others answer.
var gatewayProviders = []Provider{
	{ID: "openrouter", Name: "OpenRouter", Hosts: []string{"openrouter.ai"}, Body: []string{"openrouter.ai", "Provider returned error", "OPENROUTER PROCESSING"}, Gateway: true, Source: "https://openrouter.ai/docs/api-reference/errors"},
	{ID: "cometapi", Name: "CometAPI", Aliases: []string{"comet"}, Hosts: []string{"api.cometapi.com"}, Body: []string{"comet_api_error"}, Gateway: true, Of: "newapi", Source: "https://apidoc.cometapi.com/errors/error-codes-handling"},
	{ID: "newapi", Name: "new-api / one-api", Aliases: []string{"new-api", "one-api", "new-api/one-api", "oneapi"}, Headers: []string{"x-oneapi-request-id", "x-new-api-version"}, Body: []string{"new_api_error", "one_api_error", "v_api_error", "(request id: 20"}, Gateway: true, Source: "https://github.com/QuantumNous/new-api"},
	{ID: "litellm", Name: "LiteLLM proxy", Aliases: []string{"litellm-proxy", "litellm proxy"}, Headers: []string{"x-litellm-"}, Body: []string{"litellm.", "LiteLLM"}, Gateway: true, Source: "https://docs.litellm.ai/docs/exception_mapping"},
	{ID: "vercel", Name: "Vercel AI Gateway", Hosts: []string{"ai-gateway.vercel.sh"}, Gateway: true, Source: "https://vercel.com/docs/ai-gateway"},
	{ID: "portkey", Name: "Portkey", Hosts: []string{"api.portkey.ai"}, Headers: []string{"x-portkey-"}, Gateway: true, Source: "https://portkey.ai/docs"},
	{ID: "openai-compatible", Name: "an OpenAI-compatible server", Aliases: []string{"openai-compatible-proxy", "anthropic-compatible-proxy", "custom"}, Gateway: true, Source: "https://platform.openai.com/docs/api-reference"},
}

// mediaProviders make images and video.
var mediaProviders = []Provider{
	{ID: "kling", Name: "Kling", Aliases: []string{"klingai"}, Hosts: []string{"api.klingai.com", "api-singapore.klingai.com"}, Source: srcKling},
	{ID: "runway", Name: "Runway", Aliases: []string{"runwayml"}, Hosts: []string{"api.dev.runwayml.com", "api.runwayml.com"}, Source: "https://docs.dev.runwayml.com/errors/errors"},
	{ID: "luma", Name: "Luma", Hosts: []string{"api.lumalabs.ai"}, Source: "https://docs.lumalabs.ai/docs/errors"},
	{ID: "vidu", Name: "Vidu", Hosts: []string{"api.vidu.com", "api.vidu.cn"}, Source: "https://platform.vidu.com/docs/error-code"},
	{ID: "pika", Name: "Pika", Source: "https://pika.art/"},
	{ID: "stability", Name: "Stability AI", Hosts: []string{"api.stability.ai"}, Source: "https://platform.stability.ai/docs/api-reference"},
	{ID: "bfl", Name: "Black Forest Labs", Aliases: []string{"flux", "black forest labs"}, Hosts: []string{"api.bfl.ai", "api.bfl.ml"}, Source: "https://docs.bfl.ai/api_integration/errors"},
	{ID: "ideogram", Name: "Ideogram", Hosts: []string{"api.ideogram.ai"}, Source: "https://developer.ideogram.ai/"},
	{ID: "fal", Name: "fal", Aliases: []string{"fal.ai"}, Hosts: []string{"fal.run", "queue.fal.run", "fal.ai"}, Headers: []string{"x-fal-"}, Body: []string{"fal.ai"}, Source: "https://docs.fal.ai/errors"},
	{ID: "replicate", Name: "Replicate", Hosts: []string{"api.replicate.com"}, Body: []string{"replicate.com"}, Source: "https://replicate.com/docs/topics/predictions/lifecycle"},
	{ID: "midjourney", Name: "Midjourney proxy", Aliases: []string{"mj", "midjourney-proxy"}, Source: "https://github.com/novicezk/midjourney-proxy"},
	{ID: "elevenlabs", Name: "ElevenLabs", Hosts: []string{"api.elevenlabs.io"}, Source: "https://elevenlabs.io/docs/errors"},
}

// localProviders are servers that people run themselves.
var localProviders = []Provider{
	{ID: "ollama", Name: "Ollama", Hosts: []string{"ollama.com"}, Body: []string{"registry.ollama.ai"}, Source: "https://github.com/ollama/ollama/blob/main/docs/api.md"},
	{ID: "vllm", Name: "vLLM", Source: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html"},
	{ID: "sglang", Name: "SGLang", Source: "https://docs.sglang.ai/"},
	{ID: "llamacpp", Name: "llama.cpp", Aliases: []string{"llama.cpp", "llama-server"}, Headers: []string{"server: llama.cpp"}, Source: "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md"},
	{ID: "lmstudio", Name: "LM Studio", Aliases: []string{"lm studio", "lm-studio"}, Source: "https://lmstudio.ai/docs"},
	{ID: "tgi", Name: "Text Generation Inference", Source: "https://huggingface.co/docs/text-generation-inference"},
	{ID: "gpustack", Name: "GPUStack", Headers: []string{"server: llama-box"}, Source: "https://docs.gpustack.ai/"},
}
