package expect

// Media placeholder
type Media struct{}
