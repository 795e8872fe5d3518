CREATE TABLE "automatic_approvals" (
	"account" text NOT NULL,
	"person_id" bigint NOT NULL,
	"rule_id" text NOT NULL,
	"day" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "automatic_approvals_account_person_id_rule_id_day_pk" PRIMARY KEY("account","person_id","rule_id","day")
);
--> statement-breakpoint
CREATE TABLE "break_glass_uses" (
	"request_id" uuid PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"grant_id" uuid NOT NULL,
	"person_id" bigint NOT NULL,
	"ticket_id" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"skipped_ids" jsonb NOT NULL,
	"outcome" text,
	"reviewed_by" bigint,
	"reviewed_at" timestamp (3) with time zone,
	"comment" text,
	CONSTRAINT "no_own_review" CHECK (reviewed_by is null or reviewed_by <> person_id)
);
--> statement-breakpoint
CREATE TABLE "circuit_breakers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"count" integer NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"closed_by" bigint,
	"comment" text
);
--> statement-breakpoint
CREATE TABLE "delegations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"from_id" bigint NOT NULL,
	"to_id" bigint NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" bigint,
	CONSTRAINT "delegated_to_another" CHECK (from_id <> to_id),
	CONSTRAINT "delegation_has_length" CHECK (starts_at < ends_at)
);
--> statement-breakpoint
CREATE TABLE "exceptions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"person_id" bigint NOT NULL,
	"field_id" text,
	"sensitivity_class" text,
	"effect" text NOT NULL,
	"why" text NOT NULL,
	"owner_id" bigint NOT NULL,
	"state" text NOT NULL,
	"created_by" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"decided_by" bigint,
	"decided_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"ended_by" bigint,
	"reopens" uuid,
	CONSTRAINT "one_field_or_one_class" CHECK ((field_id is null) <> (sensitivity_class is null)),
	CONSTRAINT "no_own_exception" CHECK (decided_by is null or (decided_by <> created_by and decided_by <> person_id))
);
--> statement-breakpoint
CREATE TABLE "job_leases" (
	"account" text NOT NULL,
	"job" text NOT NULL,
	"holder" text NOT NULL,
	"leased_until" timestamp (3) with time zone NOT NULL,
	"ran_at" timestamp (3) with time zone,
	CONSTRAINT "job_leases_account_job_pk" PRIMARY KEY("account","job")
);
--> statement-breakpoint
CREATE TABLE "policy_versions" (
	"account" text NOT NULL,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"document" jsonb NOT NULL,
	"cases" jsonb NOT NULL,
	"comment" text NOT NULL,
	"based_on" integer,
	"author_id" bigint,
	"author_name" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"submitted_by" bigint,
	"submitted_at" timestamp (3) with time zone,
	"decided_by" bigint,
	"decided_at" timestamp (3) with time zone,
	"activated_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "policy_versions_account_version_pk" PRIMARY KEY("account","version"),
	CONSTRAINT "no_own_consent" CHECK (state <> 'active' or decided_by is null or (decided_by is distinct from submitted_by and decided_by is distinct from author_id))
);
--> statement-breakpoint
CREATE TABLE "power_baselines" (
	"account" text PRIMARY KEY NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"revision" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "powers" (
	"account" text NOT NULL,
	"person_id" bigint NOT NULL,
	"source" text NOT NULL,
	"state" text NOT NULL,
	"first_seen_at" timestamp (3) with time zone NOT NULL,
	"decided_by" bigint,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "powers_account_person_id_source_pk" PRIMARY KEY("account","person_id","source"),
	CONSTRAINT "no_own_confirmation" CHECK (decided_by is null or decided_by <> person_id)
);
--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "on_behalf_of" bigint;--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "conditions" jsonb;--> statement-breakpoint
ALTER TABLE "grants" ADD COLUMN "conditions" jsonb;--> statement-breakpoint
ALTER TABLE "grants" ADD COLUMN "is_break_glass" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "reveal_requests" ADD COLUMN "claimed_by" bigint;--> statement-breakpoint
ALTER TABLE "reveal_requests" ADD COLUMN "claimed_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "reveal_requests" ADD COLUMN "extends_grant_id" uuid;--> statement-breakpoint
ALTER TABLE "reveal_requests" ADD COLUMN "level_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "reveal_requests" ADD COLUMN "reminded_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "reveal_requests" ADD COLUMN "escalated_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "reveal_requests" ADD COLUMN "due_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "reveal_requests" ADD COLUMN "noted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "reveal_requests" ADD COLUMN "prompt_version" integer;--> statement-breakpoint
ALTER TABLE "reveal_requests" ADD COLUMN "rule_id" text;--> statement-breakpoint
ALTER TABLE "reveal_requests" ADD COLUMN "exception_id" uuid;--> statement-breakpoint
ALTER TABLE "reveal_requests" ADD COLUMN "is_break_glass" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "break_glass_uses" ADD CONSTRAINT "break_glass_uses_request_id_reveal_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."reveal_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "one_unreviewed_break_glass" ON "break_glass_uses" USING btree ("account","person_id") WHERE outcome is null;--> statement-breakpoint
CREATE INDEX "break_glass_at" ON "break_glass_uses" USING btree ("account","at");--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_breaker" ON "circuit_breakers" USING btree ("account") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "delegations_to" ON "delegations" USING btree ("account","to_id","ends_at");--> statement-breakpoint
CREATE INDEX "delegations_from" ON "delegations" USING btree ("account","from_id","ends_at");--> statement-breakpoint
CREATE INDEX "exceptions_of" ON "exceptions" USING btree ("account","person_id","state");--> statement-breakpoint
CREATE INDEX "exceptions_end" ON "exceptions" USING btree ("account","state","expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "one_active_policy" ON "policy_versions" USING btree ("account") WHERE state = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "one_waiting_policy" ON "policy_versions" USING btree ("account") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "powers_waiting" ON "powers" USING btree ("account","first_seen_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "reveal_requests_due" ON "reveal_requests" USING btree ("account","due_at") WHERE state = 'pending' and due_at is not null;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "no_self_approval_by_delegation" CHECK (on_behalf_of is null or (on_behalf_of <> requester_id and on_behalf_of <> approver_id));