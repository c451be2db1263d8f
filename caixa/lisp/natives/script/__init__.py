"""The host functions of scripts, by topic (language.md section 7); what they stand on is imported when used."""
