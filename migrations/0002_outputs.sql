CREATE TABLE `outputs` (
	`object_id` integer NOT NULL,
	`generation` integer NOT NULL,
	`offset` integer NOT NULL,
	`ref` text NOT NULL,
	`text` text NOT NULL,
	PRIMARY KEY(`object_id`, `generation`, `offset`)
);
--> statement-breakpoint
CREATE INDEX `outputs_by_ref` ON `outputs` (`ref`);--> statement-breakpoint
DROP INDEX `marks_by_value`;--> statement-breakpoint
CREATE INDEX `marks_by_value` ON `marks` (`name`,`value`) WHERE name in ('spawn', 'relative', 'peer');--> statement-breakpoint
ALTER TABLE `sessions` ADD `charged_ranges` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `base_id` integer;--> statement-breakpoint
ALTER TABLE `sessions` ADD `own_ranges` text;--> statement-breakpoint
CREATE INDEX `sessions_by_base` ON `sessions` (`base_id`) WHERE base_id is not null;--> statement-breakpoint
ALTER TABLE `tool_results` ADD `output_ref` text;