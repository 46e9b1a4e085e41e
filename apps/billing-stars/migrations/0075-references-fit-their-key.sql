-- A key holds the whole of a reference: what SQL writes there has a bound, of more than the service's own ever have.

alter table billing_stars.payment_references add constraint payment_references_bounded check (octet_length(reference) <= 2000) not valid;
