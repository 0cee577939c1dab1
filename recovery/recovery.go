package recovery
