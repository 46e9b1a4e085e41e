-- An organization is ended by whoever is named, with what others are told of it.
drop function if exists orgs.close_org();
