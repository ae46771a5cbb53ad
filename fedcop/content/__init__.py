"""What people write and upload: text to HTML, foreign HTML to safe HTML, pictures checked; pure."""
