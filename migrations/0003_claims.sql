CREATE TABLE `claims` (
	`remote` text NOT NULL,
	`bucket` text NOT NULL,
	`key` text NOT NULL,
	`owner` text NOT NULL,
	`host` text NOT NULL,
	`pid` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`remote`, `bucket`, `key`)
);
