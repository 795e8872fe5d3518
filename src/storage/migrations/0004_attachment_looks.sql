CREATE TABLE "attachment_looks" (
	"account" text NOT NULL,
	"ticket_id" bigint NOT NULL,
	"attachment_id" bigint NOT NULL,
	"policy_version" integer NOT NULL,
	"is_marked" boolean NOT NULL,
	"looked_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "attachment_looks_account_ticket_id_attachment_id_pk" PRIMARY KEY("account","ticket_id","attachment_id")
);
