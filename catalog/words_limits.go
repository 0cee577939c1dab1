package catalog

import "github.com/telltale-ai/telltale/fault"

const (
	srcOpenAIErrors = "https://platform.openai.com/docs/guides/error-codes"
	srcGemini429    = "https://ai.google.dev/gemini-api/docs/rate-limits"
	srcAnthropicErr = "https://docs.anthropic.com/en/api/errors"
	srcAliyunErr    = "https://help.aliyun.com/zh/model-studio/error-code"
	srcZhipuErr     = "https://docs.bigmodel.cn/cn/api/api-code"
	srcNewAPI       = "https://github.com/QuantumNous/new-api"
)

// limitWords are the words for money, plans, windows, rates and capacity, whoever says them.
var limitWords = []Signature{
	{
		ID: "money", Narrow: 1, Cause: fault.QuotaExhausted,
		Text: []string{"trial has ended", "trial period has ended", "trial is over", "add a card", "add a credit card", "subscription has ended", "subscription is inactive", "plan has ended", "past due", "update your payment", "payment failed", "payment is required", "payment declined", "outstanding balance", "quota * not enough", "credits * not enough", "credit * not enough", "余额为", "余额低", "请充值", "尽快充值", "续费", "欠款", "no payment method", "free trial quota", "exhausted its free", "set inference limit", "any credits", "no credits left", "no credits remaining", "no credits available", "free tier limit", "trial quota", "monthly spending", "insufficient * balance", "insufficient * credit", "credits balance",
			"insufficient balance", "insufficient_balance", "insufficient credit", "insufficient funds", "insufficient account balance", "insufficient quota", "insufficient user quota",
			"balance is insufficient", "balance insufficient", "balance not enough", "balance is not enough", "not enough balance", "not enough credit", "no credit left",
			"credit balance is too low", "credit balance * too low", "balance is too low", "low balance", "balance too low", "negative balance", "run out of credit", "ran out of credit", "out of credits",
			"used all available credits", "used up your credits", "credits exhausted", "credit exhausted", "exhausted balance", "exhausted your credit", "credits * exhausted", "balance * exhausted", "does not have enough credit",
			"do not have enough credit", "don't have enough credit", "doesn't have enough credit", "requires more credits", "more credits are required", "you need more credits", "purchase more credits", "buy more credits", "add credits", "add more credits", "top up your", "top-up your", "please top up", "please recharge", "recharge your account",
			"payment required", "overdue payment", "overdue-payment", "account is in good standing", "account in good standing", "unpaid", "billing account * disabled", "billing is not active", "billing not active", "billing hard limit", "billing_hard_limit", "not_active billing", "account is not active, please check your billing",
			"enable billing", "billing to be enabled", "billing must be enabled", "requires billing", "only accessible to billed users", "account has been suspended due to", "suspended due to insufficient", "prepayment credits are depleted", "credits are depleted", "depleted your", "credits have been depleted", "exceeded your monthly included credits", "monthly included credits",
			"no active subscription", "subscription has expired", "subscription expired", "subscription is expired", "trial has expired", "trial expired", "trial ended", "free trial * over", "free credits * used", "plan has expired", "exceeded your budget", "budget has been exceeded", "exceeded budget", "budget exceeded", "over budget", "budget limit", "crossed budget",
			"spend limit", "spending limit", "spending cap", "spend cap", "usage limits. you will regain access", "reached your specified api usage limits", "monthly spend", "cost limit", "credit limit", "credits limit", "quota is not enough", "quota not enough", "quota_not_enough", "user quota is not enough", "token quota is not enough", "pre-consumed quota",
			"extra usage is required", "extra usage", "not included in your plan", "out of quota", "quota used up", "used up your quota", "free quota", "free tier of the model has been exhausted", "free allocated quota exceeded",
			"余额不足", "余额已", "账户余额", "额度不足", "额度已用尽", "额度已用完", "额度已耗尽", "配额不足", "剩余额度", "欠费", "已欠费", "充值", "预扣费", "无可用资源包", "资源包余额", "资源包已", "套餐已到期", "订阅已过期", "订阅已到期", "免费额度",
			"недостаточно средств", "недостаточно баланс", "saldo insuficiente", "solde insuffisant", "残高不足", "残高が不足", "クレジットが不足", "잔액이 부족", "guthaben reicht nicht",
		},
		Not: []string{"requests per minute while", "rate limit for creating predictions is reduced", "rate limit resets in"},
		Why: "Words for an empty purse: no wait fills it.", Source: srcOpenAIErrors,
		Case: &Case{Status: 402, Body: `{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}`},
	},
	{
		ID: "money-code", Narrow: 1, Cause: fault.QuotaExhausted,
		Codes: []string{"CreditsError", "credits_error", "SetLimitExceeded", "ServiceQuotaExceededException", "credit_limit", "insufficient_quota", "billing_not_active", "billing_hard_limit_reached", "insufficient_balance", "insufficient_credits", "insufficient_funds", "insufficient_user_quota", "quota_not_enough", "pre_consume_token_quota_failed",
			"exceeded_current_quota_error", "billing_error", "payment_required", "Arrearage", "AccountOverdueError", "AccountOverdue", "budget_exceeded", "budget_exhausted", "ExceededBudget", "credit_limit_exceeded", "out_of_credits", "no_credits", "CreditInsufficient", "access_terminated_balance",
			"credits_exhausted", "spend_limit_reached", "subscription_expired", "subscription_required", "insufficient_account_balance", "not_enough_credits", "usage_limit_reached", "usage_not_included", "FreeTierOnly", "AllocationQuota.FreeTierOnly", "PrepaidBillOverdue", "PostpaidBillOverdue", "CommodityNotPurchased", "balance_insufficient", "InsufficientBalance", "billing_disabled", "personal-team-blocked:spending-limit", "openrouter_free_tier_daily", "AllocationQuotaFreeTierOnly", "QuotaExhausted", "quota_exhausted"},
		Why: "Codes for an empty purse or a plan that does not pay for this.", Source: srcOpenAIErrors,
		Case: &Case{Status: 429, Body: `{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}`},
	},
	{
		ID: "quota-current", Cause: fault.QuotaExhausted,
		Text:   []string{"service quota", "exceeded your current quota", "current quota * check your plan and billing", "exceeded the quota", "quota has been exhausted", "quota exhausted", "exhausted your quota", "usage quota", "monthly quota", "quota exceeded", "exceeded your quota", "exceeds your quota", "exceeded quota", "quota limit reached", "reached your quota", "over quota", "quota has been exceeded", "quota will reset", "exhausted your capacity"},
		Not:    []string{"per minute", "per second", "token-limit", "requests per min", "perminute", "concurrent"},
		Window: true,
		Why:    "A quota without a word of minutes is the account's.", Source: srcOpenAIErrors,
		Case: &Case{Status: 429, Body: `{"error":{"message":"You exceeded your current quota, please check your plan and billing details."}}`},
	},
	{
		ID: "window", Narrow: 1, Cause: fault.QuotaExhausted, Window: true,
		Text: []string{"/ month", "/ day", "/ week", "/month", "/day", "calls per day", "a day", "a month", "day limit", "month limit", "per day", "per-day", "perday", "daily limit", "daily quota", "daily free", "daily request", "daily usage", "daily token", "requests today", "limit for today", "for the day", "24 hours limit", "per month", "permonth", "monthly limit", "monthly usage", "this month", "per week", "weekly limit", "weekly usage", "weekly quota", "usage limit", "usage cap", "5-hour limit", "5 hour limit", "hour usage limit", "limit will reset at", "limit resets at", "resets at midnight", "used up your daily", "limit reached for this billing", "billing period", "billing cycle", "until tomorrow", "try again tomorrow", "tomorrow", "hourly limit reached",
			"使用上限", "每日", "今日", "当日", "每天", "每月", "本月", "每周", "小时的使用", "次日", "明天", "限额将在", "日额度", "周限额", "周额度", "月额度", "по дням", "дневной лимит", "por día", "par jour", "pro tag"},
		Why: "A limit over a day or longer: seconds do not help, unless the answer states a short wait.", Source: srcGemini429,
		Case: &Case{Status: 429, Body: `{"error":{"message":"Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day","code":429}}`},
	},
	{
		ID: "limit-zero", Narrow: 2, Cause: fault.QuotaExhausted,
		Text:   []string{"limit: 0,", "limit: 0 ", "limit: 0\n", "limit: 0.", "quota_limit_value: 0"},
		Status: []int{429, 403, 400},
		Why:    "A limit of zero: this model has no quota at all in this plan or region, whatever retry delay is named.", Source: srcGemini429,
		Case: &Case{Status: 429, Body: `{"error":{"code":429,"message":"Quota exceeded for metric: free_tier_requests, limit: 0\nPlease retry in 37s.","status":"RESOURCE_EXHAUSTED"}}`},
	},
	{
		ID: "rate-words", Cause: fault.RateLimited,
		Text: []string{"rate limit", "rate-limit", "ratelimit", "rate_limit", "rate limited", "too many requests", "too many concurrent", "request limit", "requests per minute", "requests per second", "request per minute", "tokens per minute", "tokens per min", "per minute", "per second", "requests per min", "throttl", "concurrency limit", "concurrent request", "concurrency", "parallel task", "max parallel", "parallel request", "max_parallel_requests", "concurrent task", "simultaneous", "tasks in progress", "slow down", "request frequency", "requests too frequent", "too frequent", "too fast", "frequency limit", "tpm limit", "rpm limit", "allocated quota", "resource exhausted", "resource has been exhausted", "queue is full for your", "please wait before", "token rate limit", "limit exceeded for", "rate exceeded", "reached your limit of",
			"频率", "速率", "限流", "限速", "并发", "请求过多", "请求过于频繁", "过于频繁", "请求太频繁", "触发限制", "слишком много запросов", "demasiadas solicitudes", "trop de requêtes", "zu viele anfragen", "リクエストが多すぎ", "レート制限", "요청이 너무 많"},
		Status: []int{429, 2, 400, 403, 5, 0, 420},
		Window: true,
		Why:    "Words for a rate: waiting helps.", Source: srcOpenAIErrors,
		Case: &Case{Status: 429, Body: `{"error":{"message":"Rate limit reached for requests","type":"requests","code":"rate_limit_exceeded"}}`},
	},
	{
		ID: "rate-tokens-wait", Narrow: 2, Cause: fault.RateLimited, Window: true,
		Text: []string{"too many tokens, please wait", "too many requests, please wait"},
		Why:  "Bedrock's throttle of tokens: it is about the rate, not about the window.", Source: srcBedrock,
		Case: &Case{Status: 429, Body: `{"message":"Too many tokens, please wait before trying again."}`},
	},
	{
		ID: "cooldown", Narrow: 1, Cause: fault.RateLimited, Likely: true, Window: true, Status: []int{429},
		Text: []string{"no deployments available", "deployments are in cooldown", "in cooldown"},
		Why:  "LiteLLM rests every deployment after an error of its own; what error, it does not say.", Source: "https://docs.litellm.ai/docs/routing",
		Case: &Case{Status: 429, Body: `{"error":{"message":"No deployments available for selected model, Try again in 5 seconds.","type":"None","param":"None","code":"429"}}`},
	},
	{
		ID: "rate-code", Cause: fault.RateLimited, Window: true,
		Codes: []string{"rate_limit_exceeded", "rate_limit_error", "rate_limited", "rate_limit", "too_many_requests", "TooManyRequests", "ThrottlingException", "Throttling", "Throttling.RateQuota", "Throttling.AllocationQuota", "ThrottledException", "RequestLimitExceeded", "LimitRequests", "limit_requests", "limit_burst_rate", "requests_limit", "rate_limit_reached_error", "request_quota_exceeded", "token_quota_exceeded", "concurrency_limit_exceeded", "concurrent_limit", "concurrency_exceeded", "RateLimitError", "RateLimitReached", "RateLimitExceeded", "RATE_LIMIT_EXCEEDED", "SystemThrottling", "throttling_error", "rate_limit_exceeded_error", "requests_per_minute", "tokens_per_minute", "engine_rate_limit", "ModelRequestRateLimited", "upstream_provider_shared_pool", "ServerOverloaded.RateLimit", "RateLimit", "limit_exceeded", "RequestBurstTooFast", "ModelTPMRateLimitExceeded", "ModelRateLimitExceeded", "AccountRateLimitExceeded", "EndpointRateLimitExceeded", "ApiRateLimitExceeded", "TooManyRequestsException", "OperationInProcess", "user_concurrency_limit"},
		Why:   "Codes for a rate: waiting helps.", Source: srcOpenAIErrors,
		Case: &Case{Status: 429, Body: `{"type":"error","error":{"type":"rate_limit_error","message":"Number of request tokens has exceeded your limit"}}`},
	},
	{
		ID: "single-request-over-limit", Narrow: 2, Cause: fault.RequestTooLarge,
		Text: []string{"request too large for", "request too large * limit", "single request * limit", "requested * exceeds the limit of * per minute", "tokens per minute (tpm): limit * requested * please reduce your message size", "request is larger than the rate limit", "reduce your message size", "limit 1, requested", "must be reduced in order to run successfully", "the input or output tokens must be reduced"},
		Why:  "One request alone is over the limit per minute: no wait cures it.", Source: "https://console.groq.com/docs/rate-limits",
		Case: &Case{Status: 413, Body: `{"error":{"message":"Request too large for model x on tokens per minute (TPM): Limit 6000, Requested 10338","type":"tokens","code":"rate_limit_exceeded"}}`},
	},
	{
		ID: "capacity", Narrow: 1, Cause: fault.Overloaded,
		Text: []string{"processing too many requests", "server is currently processing", "worker local", "workers are at", "worker * limit reached", "all slots are busy", "capacity temporarily", "system capacity", "capacity limits", "maximum pending requests", "high volume", "unusually high", "experiencing heavy", "temporarily at", "temporarily unable to", "unable to handle additional requests", "worker limit", "no workers", "resources are busy", "gpu resources", "out of capacity", "lack of capacity", "lacks capacity", "overloaded", "is overloaded", "currently overloaded", "temporarily overloaded", "server overload", "overload", "at capacity", "capacity exceeded", "tier capacity exceeded", "over capacity", "insufficient capacity", "no capacity", "capacity constraints", "capacity limit", "capacity available", "not enough capacity", "high demand", "high load", "heavy load", "high traffic", "experiencing high", "server is busy", "server busy", "servers are busy", "service is busy", "system is busy", "engine is busy", "too busy", "currently busy", "model is busy", "queue is full", "queue full", "queue_full", "queue size exceeded", "no available instances", "no available gpu", "no available workers", "no slots available", "too many connections, please wait", "no available server", "all servers are busy", "all workers are busy", "currently loading", "model is loading", "loading model", "model not ready", "is not ready for inference", "model is not ready", "still loading", "is starting up", "cold start", "warming up", "service unavailable due to high", "temporarily unavailable due to", "currently unavailable due to high", "try again when the server is less busy", "load is too high", "load shedding", "upstream_overloaded", "slow_down", "exhausted_capacity",
			"繁忙", "过载", "负载过高", "负载较高", "访问量过大", "访问量较大", "拥挤", "队列已满", "排队已满", "算力不足", "перегруж", "sobrecargad", "surcharg", "überlastet", "混雑", "과부하"},
		Not: []string{"may indicate the origin is overloaded"},
		Why: "The provider says that it is full; the caller is not at fault.", Source: srcAnthropicErr,
		Case: &Case{Status: 503, Body: `{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}`},
	},
	{
		ID: "capacity-code", Narrow: 1, Cause: fault.Overloaded,
		Codes: []string{"overloaded_error", "engine_overloaded_error", "engine_overloaded", "server_is_overloaded", "overloaded", "ServerOverloaded", "model_overloaded", "MODEL_CAPACITY_EXHAUSTED", "capacity_exceeded", "ServiceUnavailableException", "ModelNotReadyException", "ServiceUnavailable.Busy", "slow_down", "server_busy", "ModelServingError.Busy", "queue_full", "no_capacity", "unavailable_error", "system_busy", "ModelLoading", "QueueFull", "SystemBusy", "runner_scheduling_failure"},
		Why:   "Codes for a provider that is full.", Source: srcAnthropicErr,
		Case: &Case{Status: 529, Body: `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`},
	},
	{
		ID: "unavailable-code", Cause: fault.Overloaded, Weak: true, Codes: []string{"UNAVAILABLE", "service_unavailable", "ServiceUnavailable", "service_unavailable_error"},
		Why: "The gRPC word for a server that cannot serve just now.", Source: "https://grpc.io/docs/guides/status-codes/",
	},
	{
		ID: "exhausted-code", Cause: fault.RateLimited, Weak: true, Window: true, Codes: []string{"RESOURCE_EXHAUSTED", "rateLimitExceeded", "tokens", "requests"},
		Why: "Google's word for rates, quotas and capacity alike.", Source: srcGemini429,
	},
}
