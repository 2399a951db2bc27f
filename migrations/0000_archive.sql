CREATE TABLE `bad_lines` (
	`object_id` integer NOT NULL,
	`generation` integer NOT NULL,
	`offset` integer NOT NULL,
	`length` integer NOT NULL,
	`reason` text NOT NULL,
	PRIMARY KEY(`object_id`, `generation`, `offset`)
);
--> statement-breakpoint
CREATE TABLE `machines` (
	`name` text PRIMARY KEY NOT NULL,
	`first_seen_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `marks` (
	`object_id` integer NOT NULL,
	`generation` integer NOT NULL,
	`native_id` text NOT NULL,
	`offset` integer NOT NULL,
	`name` text NOT NULL,
	`key` text NOT NULL,
	`value` text,
	PRIMARY KEY(`object_id`, `generation`, `native_id`, `offset`, `name`, `key`)
);
--> statement-breakpoint
CREATE INDEX `marks_by_native` ON `marks` (`native_id`);--> statement-breakpoint
CREATE INDEX `marks_by_value` ON `marks` (`name`,`value`) WHERE name in ('spawn', 'relative');--> statement-breakpoint
CREATE TABLE `messages` (
	`id` integer PRIMARY KEY NOT NULL,
	`session_id` integer NOT NULL,
	`offset` integer NOT NULL,
	`part` integer NOT NULL,
	`pos` real NOT NULL,
	`role` text NOT NULL,
	`subtype` text,
	`at` integer,
	`hidden` integer NOT NULL,
	`is_user_turn` integer NOT NULL,
	`is_prompt` integer NOT NULL,
	`is_sidechain` integer NOT NULL,
	`model` text,
	`uuid` text,
	`text` text NOT NULL,
	`thinking` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_by_place` ON `messages` (`session_id`,`offset`,`part`);--> statement-breakpoint
CREATE INDEX `messages_queued` ON `messages` (`session_id`) WHERE subtype = 'queued';--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `objects` (
	`id` integer PRIMARY KEY NOT NULL,
	`remote` text NOT NULL,
	`bucket` text NOT NULL,
	`key` text NOT NULL,
	`etag` text NOT NULL,
	`size` integer NOT NULL,
	`modified_at` integer NOT NULL,
	`machine` text NOT NULL,
	`agent` text NOT NULL,
	`agent_version` integer NOT NULL,
	`role` text NOT NULL,
	`path` text NOT NULL,
	`native_id` text NOT NULL,
	`parent_from_path` text,
	`rank` integer NOT NULL,
	`complete` integer NOT NULL,
	`offset` integer NOT NULL,
	`proof_length` integer,
	`proof_hash` text,
	`resume` text,
	`generation` integer NOT NULL,
	`staged` text,
	`revision` integer NOT NULL,
	`gone_at` integer,
	`error_code` text,
	`error_message` text,
	`error_hint` text,
	`error_at` integer,
	`read_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `objects_by_key` ON `objects` (`remote`,`bucket`,`key`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` integer PRIMARY KEY NOT NULL,
	`object_id` integer NOT NULL,
	`generation` integer NOT NULL,
	`live` integer NOT NULL,
	`lead` integer NOT NULL,
	`machine` text NOT NULL,
	`agent` text NOT NULL,
	`native_id` text NOT NULL,
	`places` integer NOT NULL,
	`message_count` integer NOT NULL,
	`user_message_count` integer NOT NULL,
	`bad_lines` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	`project` text,
	`title` text,
	`first_prompt` text,
	`parent_id` text,
	`relationship` text,
	`agent_label` text,
	`cwd` text,
	`branch` text,
	`agent_version` text,
	`entrypoint` text,
	`end_state` text,
	`is_truncated` integer NOT NULL,
	`facts` text NOT NULL,
	`hidden_ranges` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_by_object` ON `sessions` (`object_id`,`native_id`,`generation`);--> statement-breakpoint
CREATE INDEX `sessions_by_native` ON `sessions` (`native_id`,`machine`);--> statement-breakpoint
CREATE INDEX `sessions_by_end` ON `sessions` (`ended_at`) WHERE live = 1 and lead = 1;--> statement-breakpoint
CREATE INDEX `sessions_by_parent` ON `sessions` (`parent_id`) WHERE parent_id is not null;--> statement-breakpoint
CREATE TABLE `sync_runs` (
	`id` integer PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer NOT NULL,
	`duration_ms` real NOT NULL,
	`summary` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tool_calls` (
	`id` integer PRIMARY KEY NOT NULL,
	`session_id` integer NOT NULL,
	`offset` integer NOT NULL,
	`part` integer NOT NULL,
	`idx` integer NOT NULL,
	`hidden` integer NOT NULL,
	`call_id` text,
	`name` text NOT NULL,
	`category` text NOT NULL,
	`input` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tool_calls_by_place` ON `tool_calls` (`session_id`,`offset`,`part`,`idx`);--> statement-breakpoint
CREATE TABLE `tool_results` (
	`id` integer PRIMARY KEY NOT NULL,
	`session_id` integer NOT NULL,
	`offset` integer NOT NULL,
	`part` integer NOT NULL,
	`is_error` integer NOT NULL,
	`at` integer,
	`call_id` text NOT NULL,
	`text` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tool_results_by_call` ON `tool_results` (`session_id`,`call_id`,`offset`,`part`);--> statement-breakpoint
CREATE TABLE `usage` (
	`id` integer PRIMARY KEY NOT NULL,
	`session_id` integer NOT NULL,
	`offset` integer NOT NULL,
	`part` integer NOT NULL,
	`counts` integer NOT NULL,
	`shared` integer NOT NULL,
	`hidden` integer NOT NULL,
	`relayed` integer DEFAULT false NOT NULL,
	`owner_id` integer NOT NULL,
	`at` integer,
	`input` integer NOT NULL,
	`output` integer NOT NULL,
	`cache_read` integer NOT NULL,
	`cache_write_5m` integer NOT NULL,
	`cache_write_1h` integer NOT NULL,
	`reasoning` integer NOT NULL,
	`web_searches` integer NOT NULL,
	`tokens_cost` integer,
	`fee_cost` integer NOT NULL,
	`reported_cost` integer,
	`model` text NOT NULL,
	`tier` text,
	`dedupe_key` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `usage_by_place` ON `usage` (`session_id`,`offset`,`part`);--> statement-breakpoint
CREATE INDEX `usage_by_key` ON `usage` (`dedupe_key`);--> statement-breakpoint
CREATE INDEX `usage_by_owner` ON `usage` (`owner_id`) WHERE counts = 1;