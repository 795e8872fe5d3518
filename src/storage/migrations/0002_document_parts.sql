CREATE TABLE "document_parts" (
	"account" text NOT NULL,
	"record_type" text NOT NULL,
	"record_id" bigint NOT NULL,
	"field_id" text NOT NULL,
	"version" integer NOT NULL,
	"part" integer NOT NULL,
	"sealed" text NOT NULL,
	CONSTRAINT "document_parts_pk" PRIMARY KEY("account","record_type","record_id","field_id","version","part")
);
--> statement-breakpoint
ALTER TABLE "document_parts" ADD CONSTRAINT "document_parts_value" FOREIGN KEY ("account","record_type","record_id","field_id","version") REFERENCES "public"."protected_values"("account","record_type","record_id","field_id","version") ON DELETE no action ON UPDATE no action;