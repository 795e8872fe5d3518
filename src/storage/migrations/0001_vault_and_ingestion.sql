CREATE TABLE "inbox" (
	"account" text NOT NULL,
	"id" text NOT NULL,
	"ticket_id" bigint NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"attempts" integer NOT NULL,
	"last_code" text,
	"done_at" timestamp (3) with time zone,
	CONSTRAINT "inbox_account_id_pk" PRIMARY KEY("account","id")
);
--> statement-breakpoint
CREATE TABLE "intake_links" (
	"id" text PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"ticket_id" bigint NOT NULL,
	"field_id" text NOT NULL,
	"created_by" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "residual_exposures" (
	"account" text NOT NULL,
	"ticket_id" bigint NOT NULL,
	"category" text NOT NULL,
	"place" text NOT NULL,
	"kind" text NOT NULL,
	"found_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "residual_exposures_account_ticket_id_category_place_kind_pk" PRIMARY KEY("account","ticket_id","category","place","kind")
);
--> statement-breakpoint
CREATE TABLE "ticket_walks" (
	"account" text NOT NULL,
	"name" text NOT NULL,
	"cursor" text,
	"sums" jsonb NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"moved_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "ticket_walks_account_name_pk" PRIMARY KEY("account","name")
);
--> statement-breakpoint
CREATE TABLE "value_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"act" text NOT NULL,
	"person_id" bigint NOT NULL,
	"record_id" bigint,
	"field_id" text,
	"outcome" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "wrapping_keys" (
	"account" text NOT NULL,
	"key_id" text NOT NULL,
	"provider" text NOT NULL,
	"wrapped" text NOT NULL,
	"purpose" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "wrapping_keys_account_key_id_pk" PRIMARY KEY("account","key_id")
);
--> statement-breakpoint
ALTER TABLE "protected_values" ADD COLUMN "key_id" text;--> statement-breakpoint
ALTER TABLE "protected_values" ADD COLUMN "fingerprint" text;--> statement-breakpoint
ALTER TABLE "protected_values" ADD COLUMN "fingerprint_key_id" text;--> statement-breakpoint
ALTER TABLE "protected_values" ADD COLUMN "source" text;--> statement-breakpoint
ALTER TABLE "protected_values" ADD COLUMN "source_id" bigint;--> statement-breakpoint
ALTER TABLE "protected_values" ADD COLUMN "kind" text;--> statement-breakpoint
ALTER TABLE "protected_values" ADD COLUMN "sensitivity_class" text;--> statement-breakpoint
ALTER TABLE "protected_values" ADD COLUMN "content_type" text;--> statement-breakpoint
ALTER TABLE "protected_values" ADD COLUMN "customer_id" bigint;--> statement-breakpoint
ALTER TABLE "protected_values" ADD COLUMN "retain_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "protected_values" ADD COLUMN "cleared_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "protected_values" ADD COLUMN "erased_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "inbox_due" ON "inbox" USING btree ("account","due_at") WHERE done_at is null;--> statement-breakpoint
CREATE INDEX "intake_links_ticket" ON "intake_links" USING btree ("account","ticket_id");--> statement-breakpoint
CREATE INDEX "value_checks_person" ON "value_checks" USING btree ("account","act","person_id","at");--> statement-breakpoint
CREATE INDEX "value_checks_value" ON "value_checks" USING btree ("account","record_id","field_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "protected_values_token" ON "protected_values" USING btree ("account","token");--> statement-breakpoint
CREATE INDEX "protected_values_fingerprint" ON "protected_values" USING btree ("account","fingerprint");--> statement-breakpoint
CREATE INDEX "protected_values_key" ON "protected_values" USING btree ("account","key_id") WHERE erased_at is null;--> statement-breakpoint
CREATE INDEX "protected_values_fingerprint_key" ON "protected_values" USING btree ("account","fingerprint_key_id") WHERE erased_at is null;--> statement-breakpoint
CREATE INDEX "protected_values_customer" ON "protected_values" USING btree ("account","customer_id");--> statement-breakpoint
CREATE INDEX "protected_values_retention" ON "protected_values" USING btree ("account","retain_until") WHERE erased_at is null;--> statement-breakpoint
ALTER TABLE "protected_values" ADD CONSTRAINT "nothing_left_when_erased" CHECK (erased_at is null or (jwe = '' and masked = '' and fingerprint is null));