"""Messages into what use cases take, and what they answer into messages."""
