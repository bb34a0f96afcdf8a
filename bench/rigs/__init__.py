"""Characters made up for measuring and testing: bones as the programs that artists use name, nest and turn them."""
