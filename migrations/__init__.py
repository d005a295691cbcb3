"""The schema's history, one numbered step a change; `trilha migrate` applies what is missing."""
