package doctor

import "strings"

// vendor is what is known of a provider's keys and address.
type vendor struct {
	name   string
	hosts  []string // host names, or their ends
	prefix []string // what the provider's keys begin with
	path   string   // the path that a base URL has at this provider
}

// vendors whose keys can be told by their begin, from the providers' own documentation of their keys and base URLs.
var vendors = []vendor{
	{"Anthropic", []string{"api.anthropic.com"}, []string{"sk-ant-"}, ""},
	{"OpenRouter", []string{"openrouter.ai"}, []string{"sk-or-"}, "/api/v1"},
	{"OpenAI", []string{"api.openai.com"}, []string{"sk-proj-", "sk-svcacct-", "sk-admin-"}, "/v1"},
	{"Groq", []string{"api.groq.com"}, []string{"gsk_"}, "/openai/v1"},
	{"xAI", []string{"api.x.ai"}, []string{"xai-"}, "/v1"},
	{"Google", []string{"generativelanguage.googleapis.com"}, []string{"AIza"}, "/v1beta/openai"},
	{"Hugging Face", []string{"huggingface.co"}, []string{"hf_"}, "/v1"},
	{"Replicate", []string{"api.replicate.com"}, []string{"r8_"}, "/v1"},
	{"NVIDIA", []string{"integrate.api.nvidia.com"}, []string{"nvapi-"}, "/v1"},
	{"Perplexity", []string{"api.perplexity.ai"}, []string{"pplx-"}, ""},
	{"Fireworks", []string{"api.fireworks.ai"}, []string{"fw_"}, "/inference/v1"},
	{"Cerebras", []string{"api.cerebras.ai"}, []string{"csk-"}, "/v1"},
	{"CometAPI", []string{"api.cometapi.com"}, nil, "/v1"},
	{"DeepSeek", []string{"api.deepseek.com"}, nil, ""},
	{"Mistral", []string{"api.mistral.ai"}, nil, "/v1"},
	{"Together", []string{"api.together.xyz", "api.together.ai"}, nil, "/v1"},
	{"Moonshot", []string{"api.moonshot.cn", "api.moonshot.ai"}, nil, "/v1"},
	{"SiliconFlow", []string{"api.siliconflow.cn", "api.siliconflow.com"}, nil, "/v1"},
	{"DashScope", []string{"dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com"}, nil, "/compatible-mode/v1"},
}

// vendorOfKey is the provider whose keys begin as this one does; nil when that cannot be told.
func vendorOfKey(key string) *vendor {
	for i := range vendors {
		for _, p := range vendors[i].prefix {
			if strings.HasPrefix(key, p) {
				return &vendors[i]
			}
		}
	}
	return nil
}

// vendorOfHost is the provider that owns a host; nil when it is none of these.
func vendorOfHost(host string) *vendor {
	for i := range vendors {
		for _, h := range vendors[i].hosts {
			if host == h || strings.HasSuffix(host, "."+h) {
				return &vendors[i]
			}
		}
	}
	return nil
}
