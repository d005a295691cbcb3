"""What people see, made of facts and words: values in, messages out."""
