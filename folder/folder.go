package folder
