ALTER TABLE "circuit_breakers" ADD COLUMN "tripped_by" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "exceptions" ADD COLUMN "field_class" text;--> statement-breakpoint
ALTER TABLE "exceptions" ADD COLUMN "zendesk_field_id" bigint;--> statement-breakpoint
CREATE INDEX "reveals_by_time" ON "reveals" USING btree ("account","at");