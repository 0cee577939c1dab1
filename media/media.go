package media
