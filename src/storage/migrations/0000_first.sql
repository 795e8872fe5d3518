CREATE TABLE "audit_entries" (
	"account" text NOT NULL,
	"index" bigint NOT NULL,
	"body" text NOT NULL,
	"leaf_hash" "bytea" NOT NULL,
	"root_hash" "bytea" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"action" text NOT NULL,
	"actor_id" bigint,
	"ticket_id" bigint,
	CONSTRAINT "audit_entries_account_index_pk" PRIMARY KEY("account","index")
);
--> statement-breakpoint
CREATE TABLE "audit_log_heads" (
	"account" text PRIMARY KEY NOT NULL,
	"size" bigint NOT NULL,
	"root_hash" "bytea" NOT NULL,
	"frontier" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_log_reads" (
	"session_id" text NOT NULL,
	"filter" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "audit_log_reads_session_id_filter_pk" PRIMARY KEY("session_id","filter")
);
--> statement-breakpoint
CREATE TABLE "audit_texts" (
	"account" text NOT NULL,
	"entry_index" bigint NOT NULL,
	"name" text NOT NULL,
	"salt" "bytea" NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "audit_texts_account_entry_index_name_pk" PRIMARY KEY("account","entry_index","name")
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"request_id" uuid NOT NULL,
	"requester_id" bigint NOT NULL,
	"approver_id" bigint NOT NULL,
	"outcome" text NOT NULL,
	"minutes" integer,
	"field_ids" jsonb,
	"comment" text,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "decisions_request_id_approver_id_pk" PRIMARY KEY("request_id","approver_id"),
	CONSTRAINT "no_self_approval" CHECK (approver_id <> requester_id)
);
--> statement-breakpoint
CREATE TABLE "grant_fields" (
	"grant_id" uuid NOT NULL,
	"field_id" text NOT NULL,
	"version" integer NOT NULL,
	"uses_left" integer NOT NULL,
	CONSTRAINT "grant_fields_grant_id_field_id_pk" PRIMARY KEY("grant_id","field_id"),
	CONSTRAINT "uses_left_not_negative" CHECK (uses_left >= 0)
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"request_id" uuid NOT NULL,
	"ticket_id" bigint NOT NULL,
	"requester_id" bigint NOT NULL,
	"assignee_id" bigint,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"ended_code" text,
	CONSTRAINT "grants_request_id_unique" UNIQUE("request_id")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"kind" text NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"attempts" integer NOT NULL,
	"last_code" text,
	"done_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "protected_values" (
	"account" text NOT NULL,
	"record_type" text NOT NULL,
	"record_id" bigint NOT NULL,
	"field_id" text NOT NULL,
	"version" integer NOT NULL,
	"masked" text NOT NULL,
	"token" text NOT NULL,
	"jwe" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" bigint NOT NULL,
	CONSTRAINT "protected_values_account_record_type_record_id_field_id_version_pk" PRIMARY KEY("account","record_type","record_id","field_id","version")
);
--> statement-breakpoint
CREATE TABLE "refusal_counts" (
	"account" text NOT NULL,
	"code" text NOT NULL,
	"minute" timestamp (3) with time zone NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "refusal_counts_account_code_minute_pk" PRIMARY KEY("account","code","minute")
);
--> statement-breakpoint
CREATE TABLE "reveal_request_fields" (
	"request_id" uuid NOT NULL,
	"field_id" text NOT NULL,
	"version" integer NOT NULL,
	"account" text NOT NULL,
	"requester_id" bigint NOT NULL,
	"ticket_id" bigint NOT NULL,
	"is_pending" boolean NOT NULL,
	CONSTRAINT "reveal_request_fields_request_id_field_id_pk" PRIMARY KEY("request_id","field_id")
);
--> statement-breakpoint
CREATE TABLE "reveal_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"ticket_id" bigint NOT NULL,
	"requester_id" bigint NOT NULL,
	"customer_id" bigint NOT NULL,
	"assignee_id" bigint,
	"reason_code" text NOT NULL,
	"reason_text" text NOT NULL,
	"minutes" integer NOT NULL,
	"state" text NOT NULL,
	"policy_version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"ended_code" text,
	CONSTRAINT "reveal_requests_requester" UNIQUE("id","requester_id")
);
--> statement-breakpoint
CREATE TABLE "reveals" (
	"grant_id" uuid NOT NULL,
	"attempt_id" uuid NOT NULL,
	"account" text NOT NULL,
	"field_id" text NOT NULL,
	"version" integer NOT NULL,
	"requester_id" bigint NOT NULL,
	"customer_id" bigint,
	"session_id" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"display_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "reveals_grant_id_attempt_id_pk" PRIMARY KEY("grant_id","attempt_id")
);
--> statement-breakpoint
CREATE TABLE "seen_app_settings" (
	"account" text PRIMARY KEY NOT NULL,
	"settings" jsonb NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"user_id" bigint NOT NULL,
	"location" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"renewed_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "used_page_credentials" (
	"hash" text PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_request_id_requester_id_reveal_requests_id_requester_id_fk" FOREIGN KEY ("request_id","requester_id") REFERENCES "public"."reveal_requests"("id","requester_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grant_fields" ADD CONSTRAINT "grant_fields_grant_id_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_request_id_reveal_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."reveal_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reveal_request_fields" ADD CONSTRAINT "reveal_request_fields_request_id_reveal_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."reveal_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_entries_ticket" ON "audit_entries" USING btree ("account","ticket_id","index");--> statement-breakpoint
CREATE INDEX "audit_entries_actor" ON "audit_entries" USING btree ("account","actor_id","index");--> statement-breakpoint
CREATE INDEX "audit_entries_action" ON "audit_entries" USING btree ("account","action","index");--> statement-breakpoint
CREATE INDEX "grants_open" ON "grants" USING btree ("account","state","expires_at");--> statement-breakpoint
CREATE INDEX "grants_mine" ON "grants" USING btree ("account","requester_id","ticket_id");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("account","due_at") WHERE done_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "one_pending_request_per_field" ON "reveal_request_fields" USING btree ("account","requester_id","ticket_id","field_id") WHERE is_pending;--> statement-breakpoint
CREATE INDEX "reveal_requests_open" ON "reveal_requests" USING btree ("account","state","created_at");--> statement-breakpoint
CREATE INDEX "reveal_requests_mine" ON "reveal_requests" USING btree ("account","requester_id","ticket_id");--> statement-breakpoint
CREATE INDEX "reveals_by_person" ON "reveals" USING btree ("account","requester_id","at");--> statement-breakpoint
CREATE INDEX "sessions_expiry" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "used_page_credentials_expiry" ON "used_page_credentials" USING btree ("expires_at");