DROP INDEX `usage_by_owner`;--> statement-breakpoint
CREATE INDEX `usage_by_owner` ON `usage` (`owner_id`,`model`,"at" / 900000,`at`,`input`,`output`,`cache_read`,`cache_write_5m`,`cache_write_1h`,`tokens_cost`,`fee_cost`) WHERE counts = 1;--> statement-breakpoint
CREATE INDEX `tool_results_failed` ON `tool_results` (`session_id`) WHERE is_error = 1;